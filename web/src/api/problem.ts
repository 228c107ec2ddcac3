/** An answer that refuses: the server's error body as a typed exception. */
import type { Schemas } from './paths';

export type FieldProblem = Schemas['FieldProblemBody'];

/** The server's refusals have all of it; something between us and the server may answer anything. */
export type ProblemBody = Partial<Omit<Schemas['ErrorBody'], 'errors'>> & {
  errors?: Partial<FieldProblem>[];
};

/** Thrown for every answer outside 200–299, and with status 0 when there was no answer. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly type: string;
  readonly errors: FieldProblem[];
  readonly requestId: string | undefined;

  constructor(status: number, body: ProblemBody) {
    super(body.message ?? fallbackMessage(status));
    this.name = 'ApiProblem';
    this.status = status;
    this.type = body.type ?? 'Unknown';
    this.errors = (body.errors ?? []).map((error) => ({
      name: error.name ?? '',
      type: error.type ?? '',
      message: error.message ?? 'This value is not accepted',
    }));
    this.requestId = body.requestId;
  }

  /** The refusal for one field of a form, if there is one. */
  forField(name: string): string | undefined {
    return this.errors.find((error) => error.name === name)?.message;
  }
}

function fallbackMessage(status: number): string {
  if (status === 0) return 'The server does not answer. Nothing you typed is lost; try again in a moment.';
  if (status === 413) return 'This is larger than the server accepts.';
  if (status === 429) return 'Too many attempts. Wait a moment and try again.';
  return `The server answered ${String(status)} without an explanation.`;
}

/** The sentence to show for anything that was thrown. */
export function messageOf(thrown: unknown): string {
  if (thrown instanceof ApiProblem) {
    return thrown.requestId && thrown.status >= 500
      ? `${thrown.message} (request ${thrown.requestId})`
      : thrown.message;
  }
  return thrown instanceof Error ? thrown.message : 'Something went wrong.';
}
