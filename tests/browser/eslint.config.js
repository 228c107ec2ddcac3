import js from '@eslint/js';
import globals from 'globals';

export default [
  { ignores: ['screenshots'] },
  js.configs.recommended,
  {
    // `browser` too: what is given to page.evaluate() runs there.
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
    rules: {
      eqeqeq: 'error',
      'no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
];
