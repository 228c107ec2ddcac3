/** The menu of a row: only what this person may do. */
import FolderInput from '@lucide/svelte/icons/folder-input';
import FolderPlus from '@lucide/svelte/icons/folder-plus';
import SquareArrowOutUpRight from '@lucide/svelte/icons/square-arrow-out-up-right';
import Tags from '@lucide/svelte/icons/tags';
import Trash2 from '@lucide/svelte/icons/trash-2';
import UserCheck from '@lucide/svelte/icons/user-check';
import UserPlus from '@lucide/svelte/icons/user-plus';
import X from '@lucide/svelte/icons/x';
import type { AlertActions } from '../../../alerts/actions';
import { alertStatuses } from '../../../api/alert-statuses.svelte';
import { session } from '../../../api/session.svelte';
import type { Alert } from '../../../api/types';
import { place } from '../../../location.svelte';
import type { MenuItem } from '../../../ui/menu';

export function rowMenu(item: Alert, actions: AlertActions): MenuItem[] {
  const mayUpdate = session.can('manageAlert/update');
  const mayImport = session.can('manageAlert/import') && item.caseId === undefined;
  const honestly = (action: () => Promise<unknown>) => () => void actions.honestly(action);
  const verdicts = mayUpdate && item.stage !== 'Closed' ? alertStatuses.offered(['Closed']) : [];
  const items: (MenuItem | false)[] = [
    {
      label: 'Open in a new tab',
      icon: SquareArrowOutUpRight,
      action: () => window.open(`/alerts/${item._id}`, '_blank', 'noopener'),
    },
    mayUpdate &&
      item.assignee !== session.login && {
        label: 'Assign to me',
        icon: UserCheck,
        action: honestly(() => actions.assign([item], session.login)),
      },
    mayUpdate && { label: 'Assign…', icon: UserPlus, action: () => place.openDrawer('assign', item._id) },
    mayUpdate && { label: 'Tags…', icon: Tags, action: () => place.openDrawer('tags', item._id) },
    ...verdicts.map(({ value, label }, index) => ({
      label: `Close: ${label}`,
      icon: X,
      ...(index === 0 ? { separated: true as const } : {}),
      action: () => void actions.setStatus([item], value),
    })),
    mayImport && {
      label: 'Make a case…',
      icon: FolderPlus,
      separated: true,
      action: () => place.openDrawer('promote', item._id),
    },
    mayImport && {
      label: 'Merge into a case…',
      icon: FolderInput,
      action: () => place.openDrawer('merge', item._id),
    },
    session.can('manageAlert/delete') && {
      label: 'Delete',
      icon: Trash2,
      danger: true,
      separated: true,
      action: honestly(() => actions.remove([item])),
    },
  ];
  return items.filter((entry) => entry !== false);
}
