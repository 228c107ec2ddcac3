/** What the form of a case template holds, and what of it goes to the server. Pure. */
import type {
  CaseTemplate,
  CaseTemplateInput,
  CaseTemplateUpdate,
  Pap,
  Severity,
  Tlp,
} from '../../../api/types';
import { given, heldValues, type FormValue } from '../../../custom-fields/form';
import { taskInput, taskValues, type TaskValues } from '../../../tasks/task-form';

export interface TemplateValues {
  name: string;
  displayName: string;
  titlePrefix: string;
  severity?: Severity | undefined;
  tlp?: Tlp | undefined;
  pap?: Pap | undefined;
  flag: boolean;
  tags: string[];
  description: string;
  tasks: TaskValues[];
  fields: FormValue[];
}

export const newTemplate = (): TemplateValues => ({
  name: '',
  displayName: '',
  titlePrefix: '',
  flag: false,
  tags: [],
  description: '',
  tasks: [],
  fields: [],
});

export const valuesOf = (template: CaseTemplate): TemplateValues => ({
  name: template.name,
  displayName: template.displayName,
  titlePrefix: template.titlePrefix ?? '',
  severity: template.severity as Severity | undefined,
  tlp: template.tlp as Tlp | undefined,
  pap: template.pap as Pap | undefined,
  flag: template.flag,
  tags: [...template.tags],
  description: template.description ?? '',
  tasks: template.tasks.map(taskValues),
  fields: heldValues(template.customFields),
});

/** Why the form cannot be confirmed yet, if so. */
export function missingIn({ name, displayName }: TemplateValues): string | undefined {
  if (displayName.trim() === '') return 'Display name is required';
  return name.trim() === '' ? 'Name is required' : undefined;
}

/** The body that creates the template: what was left open is left out. */
export function creationInput(values: TemplateValues): CaseTemplateInput {
  const { name, displayName, titlePrefix, description, tasks, fields, tags, flag, ...levels } = values;
  const chosen = Object.entries(levels).filter(([, level]) => level !== undefined);
  return {
    name: name.trim(),
    displayName: displayName.trim(),
    ...(titlePrefix.trim() === '' ? {} : { titlePrefix: titlePrefix.trim() }),
    ...(description.trim() === '' ? {} : { description }),
    ...Object.fromEntries(chosen),
    flag,
    tags,
    tasks: tasks.map(taskInput),
    customFields: given(fields),
  };
}

/** The body that makes a template be as the form says: what was left open is cleared. */
export function updateInput(values: TemplateValues): CaseTemplateUpdate {
  const { severity = null, tlp = null, pap = null } = values;
  return {
    titlePrefix: null,
    description: null,
    ...creationInput(values),
    severity,
    tlp,
    pap,
  } as CaseTemplateUpdate;
}
