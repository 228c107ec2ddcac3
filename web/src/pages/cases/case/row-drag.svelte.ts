/** Dragging a row to another one's place: which, over which, and where it would land. */
import type { Task } from '../../../api/types';

export class RowDrag {
  private dragged = $state<string>();
  private over = $state<string>();
  private readonly rows: () => readonly Task[];
  private readonly move: (id: string, target: string) => void;

  constructor(rows: () => readonly Task[], move: (id: string, target: string) => void) {
    this.rows = rows;
    this.move = move;
  }

  start(event: DragEvent, task: Task): void {
    this.dragged = task._id;
    const row = (event.currentTarget as HTMLElement).closest('tr');
    if (row) event.dataTransfer?.setDragImage(row, 0, 0);
    event.dataTransfer?.setData('text/plain', task.title);
  }

  /** A task stays among its neighbours: elsewhere it cannot be dropped. */
  enter(event: DragEvent, task: Task, neighbours: readonly Task[]): void {
    if (!neighbours.some(({ _id }) => _id === this.dragged)) return;
    event.preventDefault();
    this.over = task._id;
  }

  leave(): void {
    this.over = undefined;
  }

  drop(event: DragEvent, task: Task): void {
    event.preventDefault();
    if (this.dragged !== undefined) this.move(this.dragged, task._id);
    this.end();
  }

  end(): void {
    this.dragged = undefined;
    this.over = undefined;
  }

  isDragged(task: Task): boolean {
    return this.dragged === task._id;
  }

  /** At which edge of the row the dragged one would land: beyond it, as seen from where it comes. */
  edge(task: Task): 'above' | 'below' | undefined {
    if (this.over !== task._id || this.isDragged(task)) return undefined;
    const rows = this.rows();
    const from = rows.findIndex(({ _id }) => _id === this.dragged);
    return from < rows.indexOf(task) ? 'below' : 'above';
  }
}
