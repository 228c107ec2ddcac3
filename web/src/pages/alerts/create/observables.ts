/** The observables of an alert that is being written. Pure. */
import type { ObservableInput, Pap, Tlp } from '../../../api/types';

export interface NewObservable {
  dataType: string;
  data: string;
}

/** As the server takes them: one entry for each type, with the levels of the alert. */
export function newObservables(observables: readonly NewObservable[], tlp: Tlp, pap: Pap): ObservableInput[] {
  const types = [...new Set(observables.map(({ dataType }) => dataType))];
  return types.map((dataType) => ({
    dataType,
    data: observables.filter((one) => one.dataType === dataType).map(({ data }) => data),
    tlp,
    pap,
  }));
}

/** The list with these, each type and value once. */
export function withMore(
  observables: readonly NewObservable[],
  more: readonly NewObservable[],
): NewObservable[] {
  const all = [...observables];
  for (const { dataType, data } of more) {
    if (!all.some((one) => one.dataType === dataType && one.data === data)) all.push({ dataType, data });
  }
  return all;
}
