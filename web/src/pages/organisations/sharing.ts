/** How tasks and observables of a shared case are shared on: the two rules there are. */
export const SHARING_RULES = [
  { value: 'manual', label: 'manual' },
  { value: 'autoShare', label: 'autoShare' },
] as const;

export const SHARING_HINT =
  'manual: shared one by one. autoShare: new ones go to every organization that has the case.';
