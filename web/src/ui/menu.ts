import type { Component } from 'svelte';

/** One entry of a Menu: a link with `href`, else an action. */
export interface MenuItem {
  label: string;
  /** Only words above the items that follow. */
  heading?: true;
  detail?: string;
  icon?: Component<{ size?: number }>;
  href?: string;
  action?: () => void;
  /** One of several states, ticked when true. */
  checked?: boolean;
  danger?: boolean;
  /** Why it cannot be chosen now. */
  disabled?: string;
  /** A line above it. */
  separated?: boolean;
}
