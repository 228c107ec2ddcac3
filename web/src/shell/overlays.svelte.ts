/** The palette and the key help, which can be opened from anywhere. */
class Overlays {
  open = $state<'palette' | 'keys'>();

  show(which: 'palette' | 'keys'): void {
    this.open = which;
  }

  close(): void {
    this.open = undefined;
  }
}

export const overlays = new Overlays();
