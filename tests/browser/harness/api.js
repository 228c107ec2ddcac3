/** The program's API, to lay out what a test starts from and to look at what it left. */
export class Api {
  constructor(url, { login, password }, organisation) {
    this.url = url;
    this.headers = {
      Authorization: `Basic ${Buffer.from(`${login}:${password}`).toString('base64')}`,
      'Content-Type': 'application/json',
      ...(organisation === undefined ? {} : { 'X-Organisation': organisation }),
    };
  }

  get(path) {
    return this.send('GET', path);
  }

  post(path, body) {
    return this.send('POST', path, body);
  }

  patch(path, body) {
    return this.send('PATCH', path, body);
  }

  put(path, body) {
    return this.send('PUT', path, body);
  }

  query(...steps) {
    return this.post('/api/v1/query', { query: steps });
  }

  async send(method, path, body) {
    const response = await this.request(method, path, body);
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} was answered ${response.status}: ${text}`);
    if (text === '') return undefined;
    return response.headers.get('Content-Type')?.includes('json') ? JSON.parse(text) : text;
  }

  /** Sends one file in a part of that name. */
  async upload(path, part, name, content) {
    const form = new FormData();
    form.append(part, new Blob([content]), name);
    const { 'Content-Type': _, ...headers } = this.headers;
    const response = await fetch(this.url + path, { method: 'POST', headers, body: form });
    if (!response.ok)
      throw new Error(`POST ${path} was answered ${response.status}: ${await response.text()}`);
    return response.json();
  }

  /** The answer as it is, refusals included. */
  request(method, path, body) {
    return fetch(this.url + path, {
      method,
      headers: this.headers,
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  }
}
