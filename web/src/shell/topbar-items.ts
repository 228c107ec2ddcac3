/**
 * What sits in the top bar between the help menu and the user's letter, left to
 * right: add a component here (the bell of the inbox, the live feed).
 */
import type { Component } from 'svelte';
import ConnectorWarning from '../cortex/ConnectorWarning.svelte';
import FeedButton from '../feed/FeedButton.svelte';
import InboxBell from '../inbox/InboxBell.svelte';

export const topbarItems: readonly Component[] = [ConnectorWarning, InboxBell, FeedButton];
