/** A Cortex that answers, one that refuses the key, and a MISP server that is not there just now. */
import { startCortex } from '../harness/cortex.js';

const SERVER = '/api/skep/v1/integration/server';

export const ANALYZER = 'MaxMind_GeoIP_4_0';

const REPORT = `<div class="panel panel-info" ng-if="success">
  <div class="panel-heading">MaxMind report for <strong>{{artifact.data | fang}}</strong></div>
  <div class="panel-body">
    <dl class="dl-horizontal">
      <dt>Country</dt>
      <dd>{{content.country.name}} ({{content.country.iso_code}})</dd>
      <dt>City</dt>
      <dd>{{content.city.name || 'not known'}}</dd>
    </dl>
  </div>
</div>
`;

export async function layOutServers({ platform }) {
  const { url, key } = await startCortex();
  for (const server of [
    { kind: 'cortex', name: 'Analysis', url, key },
    { kind: 'cortex', name: 'Analysis of the subsidiary', url, key: 'an old key', timeMaxS: 10 },
    {
      kind: 'misp',
      name: 'CIRCL',
      url: 'http://127.0.0.1:9',
      key: 'a-key-that-opens-nothing',
      proxy: 'http://proxy.example.org:3128',
      options: { tags: ['misp'], maxAgeDays: 30 },
    },
  ]) {
    const { _id } = await platform.post(SERVER, server);
    await platform.post(`${SERVER}/${_id}/_check`);
  }
  for (const analyzerId of [ANALYZER, 'AbuseIPDB_1_1', 'VirusTotal_GetReport_3_1']) {
    await platform.post('/api/v1/connector/cortex/analyzer/template', { analyzerId, content: REPORT });
  }
}
