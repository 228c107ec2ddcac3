import { describe, expect, it } from 'vitest';
import { colourOf } from './colours';

describe('the colour of a value', () => {
  it('is the one that it has everywhere', () => {
    expect(colourOf('severity', '4', 0)).toBe('var(--severity-critical)');
    expect(colourOf('status', 'InProgress', 0)).toBe('var(--stage-progress)');
  });

  it('is never that of a stage for another status', () => {
    const wheel = Array.from({ length: 16 }, (_, index) => colourOf('status', 'Other', index));
    expect(wheel).not.toContain('var(--chart-1)');
    expect(wheel).not.toContain('var(--chart-4)');
    expect(colourOf('source', 'gateway', 0)).toBe('var(--chart-1)');
  });
});
