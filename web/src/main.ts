/** Starts the UI. Importing `theme.svelte` first sets the theme before anything is drawn. */
import './ui/theme.svelte';
import './ui/tokens.css';
import './ui/elements.css';
import { mount } from 'svelte';
import App from './App.svelte';

const target = document.getElementById('app');
if (!target) throw new Error('index.html has no #app');

mount(App, { target });
