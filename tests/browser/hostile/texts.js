/**
 * Texts that want to be more than text. Each that runs sets `window.owned`; each that
 * loads asks another host. Their marks are what a page that shows them must have.
 */

export const TEXTS = [
  ['script', '<script>window.owned=1</script> mark-script'],
  ['attribute', `"><img src=x onerror="window.owned=2"> mark-attribute`],
  ['quotes', `' onfocus='window.owned=3' autofocus x='" mark-quotes`],
  ['vector', '<svg/onload=window.owned=4> mark-vector'],
  ['frame', '</textarea><iframe srcdoc="<script>parent.owned=5</script>"> mark-frame'],
  ['link', '[mark-link](javascript:window.owned=6) <a href="javascript:window.owned=6">mark-link</a>'],
  ['picture', '![mark-picture](https://outside.example/p.png) ![x](javascript:window.owned=7)'],
  ['template', "{{constructor.constructor('window.owned=8')()}} ${window.owned=8} mark-template"],
  ['direction', '\u202Eexe.drowssap\u202C שלום עולם مرحبا mark-direction'],
  ['emoji', '👩🏽‍🚒👨‍👩‍👧‍👦🏳️‍🌈 mark-emoji'],
  ['invisible', 'a\u200Bb\u200Dc\uFEFF\u00AD mark-invisible'],
  ['combining', `Z${'\u0351\u036F'.repeat(12)}algo mark-combining`],
  ['unbroken', `mark-unbroken${'W'.repeat(10_000)}`],
].map(([kind, text]) => ({ kind, text, mark: `mark-${kind}` }));

/** As much of a text as a field takes, with its mark. */
export function fitted({ text, mark }, length) {
  const points = [...text];
  if (points.length <= length) return text;
  return text.startsWith(mark)
    ? points.slice(0, length).join('')
    : `${mark} ${points.slice(0, length - mark.length - 1).join('')}`;
}
