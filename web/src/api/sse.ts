/** Splits a text/event-stream into events. Knows nothing of connections. */

export interface ServerEvent {
  id: string | undefined;
  event: string;
  data: string;
}

export class EventStreamParser {
  private rest = '';
  private id: string | undefined;
  private event = '';
  private data: string[] = [];

  /** Takes the next piece of text, which may end anywhere, and gives the events completed by it. */
  push(text: string): ServerEvent[] {
    const lines = (this.rest + text).split(/\r\n|\n|\r(?!$)/);
    this.rest = lines.pop() ?? '';
    return lines.flatMap((line) => this.line(line) ?? []);
  }

  private line(line: string): ServerEvent | undefined {
    if (line === '') return this.dispatch();
    const colon = line.indexOf(':');
    if (colon === 0) return undefined;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'id') this.id = value;
    if (field === 'event') this.event = value;
    if (field === 'data') this.data.push(value);
    return undefined;
  }

  private dispatch(): ServerEvent | undefined {
    const data = this.data.join('\n');
    const event = this.event || 'message';
    const empty = this.data.length === 0;
    this.data = [];
    this.event = '';
    return empty ? undefined : { id: this.id, event, data };
  }
}
