/**
 * Lets cases look as if they had come in over weeks. The server stamps what it is
 * given with its own clock, as it must; on the way to the page each stamp of a case is
 * moved back to when the case is said to have started. For pictures only.
 */
const STAMPS = ['_createdAt', '_updatedAt', 'newDate', 'inProgressDate', 'closedDate', 'endDate'];
const HOUR = 3_600_000;

export async function age(context) {
  await context.route('**/api/v1/query?*', (route) => grow(route));
  await context.route('**/api/v1/query', (route) => grow(route));
}

async function grow(route) {
  const response = await route.fetch();
  const body = await response.json().catch(() => undefined);
  if (!response.ok() || !Array.isArray(body)) return route.fulfill({ response });
  return route.fulfill({ response, json: body.map((item) => (item._type === 'Case' ? older(item) : item)) });
}

function older(item) {
  const back = item._createdAt - item.startDate - HOUR / 4;
  if (back <= 0) return item;
  const later = (name) => (name === '_createdAt' || name === 'newDate' ? 0 : back * 0.35);
  const moved = STAMPS.filter((name) => item[name] !== undefined).map((name) => [
    name,
    item[name] - back + later(name),
  ]);
  return { ...item, ...Object.fromEntries(moved) };
}
