/** What the drawer that creates a case keeps until it is confirmed or given up. Pure. */
import type { CaseInput, CaseTemplate, Pap, Severity, Tlp } from '../../../api/types';
import { given, heldValues, type FormValue } from '../../../custom-fields/form';
import { taskInput, taskValues, type TaskValues } from '../../../tasks/task-form';
import { creationInput, newCase, type CaseValues } from '../form/case-form';

export interface CaseDraft extends CaseValues {
  tasks: TaskValues[];
  fields: FormValue[];
}

/** What the form begins with: what the template gives, and the usual values for the rest. */
export function newDraft(assignee: string, template?: CaseTemplate): CaseDraft {
  const empty = { ...newCase(assignee), tasks: [], fields: [] };
  if (!template) return empty;
  return {
    ...empty,
    severity: (template.severity as Severity | undefined) ?? empty.severity,
    tlp: (template.tlp as Tlp | undefined) ?? empty.tlp,
    pap: (template.pap as Pap | undefined) ?? empty.pap,
    tags: [...template.tags],
    description: template.description ?? '',
    tasks: template.tasks.map(taskValues),
    fields: heldValues(template.customFields),
  };
}

/** The body that creates the case. What the form shows is what the case gets; of the template the rest comes. */
export function inputOf({ tasks, fields, ...values }: CaseDraft, template?: CaseTemplate): CaseInput {
  return {
    ...creationInput(values),
    ...(template || tasks.length > 0 ? { tasks: tasks.map(taskInput) } : {}),
    ...(fields.length > 0 ? { customFields: given(fields) } : {}),
    ...(template ? { caseTemplate: template._id } : {}),
  };
}
