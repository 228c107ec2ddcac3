/** As much of a case as one needs to choose it. */
export interface FoundCase {
  _id: string;
  number: number;
  title: string;
  severity?: number;
}
