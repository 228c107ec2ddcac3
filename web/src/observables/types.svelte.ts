/** The observable types of the platform, read once and on demand. */
import { Query } from '../api/query';
import type { ObservableType } from '../api/types';

class ObservableTypes {
  all = $state.raw<readonly ObservableType[]>([]);
  private loading: Promise<void> | undefined;

  load(): Promise<void> {
    this.loading ??= this.read().catch(() => {
      // Whoever opens a choice of types next asks again.
      this.loading = undefined;
    });
    return this.loading;
  }

  /** What can be chosen, for values or for files. */
  options(isAttachment: boolean): { value: string; label: string }[] {
    return this.all
      .filter((type) => type.isAttachment === isAttachment)
      .map(({ name }) => ({ value: name, label: name }));
  }

  private async read(): Promise<void> {
    this.all = await Query.list('listObservableType').sort(['name', 'asc']).run();
  }
}

export const observableTypes = new ObservableTypes();
