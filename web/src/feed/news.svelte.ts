/** Whether others did something since the live feed was last looked at. */
import { events } from '../api/events.svelte';
import { session } from '../api/session.svelte';

class News {
  count = $state(0);

  /** Counts what others do from now on; returns how to stop. */
  follow(): () => void {
    this.count = 0;
    return events.subscribe({}, ({ createdBy, mainAction }) => {
      if (mainAction && createdBy !== session.login) this.count += 1;
    });
  }

  seen(): void {
    this.count = 0;
  }
}

export const news = new News();
