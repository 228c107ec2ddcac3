/** Pictures of people who do not exist, drawn by the browser: a face of two colours on a ground. */

const FACES = [
  ['#2f6f8f', '#f2d3b3', '#3b2a20'],
  ['#8f4f2f', '#d9a577', '#1f1a17'],
  ['#3f7a4d', '#8d5b3c', '#0f0d0c'],
  ['#6b4b8a', '#f0c9a8', '#9a5b2c'],
  ['#a8862b', '#b97a56', '#4a4a4a'],
];

const drawing = ([ground, skin, hair]) => `<!doctype html><body style="margin:0;overflow:hidden">
  <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" width="64" height="64">
    <rect width="64" height="64" fill="${ground}"/>
    <circle cx="32" cy="64" r="22" fill="${hair}" opacity="0.55"/>
    <circle cx="32" cy="28" r="13" fill="${skin}"/>
    <path d="M18 28a14 14 0 0 1 28 0q-6-9-14-9t-14 9z" fill="${hair}"/>
  </svg>`;

/** As many portraits as there are faces, each as the API takes it: PNG in base 64. */
export async function portraits(browser) {
  const page = await browser.newPage({ viewport: { width: 64, height: 64 } });
  const pictures = [];
  for (const face of FACES) {
    await page.setContent(drawing(face));
    pictures.push((await page.screenshot()).toString('base64'));
  }
  await page.close();
  return pictures;
}
