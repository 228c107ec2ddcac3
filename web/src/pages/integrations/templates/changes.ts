/** Changes of analyzer templates, each with the way back. */
import { api } from '../../../api/client';
import type { AnalyzerTemplate } from '../../../api/types';
import { toast } from '../../../ui/toasts.svelte';

const TEMPLATES = '/api/v1/connector/cortex/analyzer/template';

type Content = Pick<AnalyzerTemplate, 'analyzerId' | 'content'>;

export const addTemplate = ({ analyzerId, content }: Content): Promise<AnalyzerTemplate> =>
  api.post(TEMPLATES, { body: { analyzerId, content } });

export async function changeTemplate(
  { _id, analyzerId, content: before }: AnalyzerTemplate,
  content: string,
  reload: () => Promise<void>,
): Promise<void> {
  const put = async (text: string): Promise<void> => {
    const path = { analyzerTemplateId: _id };
    await api.patch(`${TEMPLATES}/{analyzerTemplateId}`, { path, body: { content: text } });
    await reload();
  };
  await put(content);
  toast(`Template of ${analyzerId} saved`, { undo: () => put(before) });
}

export async function deleteTemplate(template: AnalyzerTemplate, reload: () => Promise<void>): Promise<void> {
  const path = { analyzerTemplateId: template._id };
  await api.delete(`${TEMPLATES}/{analyzerTemplateId}`, { path });
  await reload();
  toast(`Template of ${template.analyzerId} deleted`, {
    undo: async () => {
      await addTemplate(template);
      await reload();
    },
  });
}
