/** The menu of a row: only what this person may do with this case. */
import Check from '@lucide/svelte/icons/check';
import Flag from '@lucide/svelte/icons/flag';
import FlagOff from '@lucide/svelte/icons/flag-off';
import Pencil from '@lucide/svelte/icons/pencil';
import SquareArrowOutUpRight from '@lucide/svelte/icons/square-arrow-out-up-right';
import Trash2 from '@lucide/svelte/icons/trash-2';
import UserCheck from '@lucide/svelte/icons/user-check';
import UserPlus from '@lucide/svelte/icons/user-plus';
import X from '@lucide/svelte/icons/x';
import { session } from '../../../api/session.svelte';
import type { Case } from '../../../api/types';
import { place } from '../../../location.svelte';
import type { MenuItem } from '../../../ui/menu';
import { may } from '../case-changes';
import type { CaseActions } from './actions';

export function rowMenu(item: Case, actions: CaseActions): MenuItem[] {
  const mayUpdate = may(item, 'manageCase/update');
  const isClosed = item.stage === 'Closed';
  const honestly = (action: () => Promise<void>) => () => void actions.honestly(action);
  const items: (MenuItem | false)[] = [
    {
      label: 'Open in a new tab',
      icon: SquareArrowOutUpRight,
      action: () => window.open(`/cases/${String(item.number)}`, '_blank', 'noopener'),
    },
    mayUpdate && { label: 'Edit', icon: Pencil, action: () => place.openDrawer('edit', item._id) },
    mayUpdate && {
      label: item.flag ? 'Unflag' : 'Flag',
      icon: item.flag ? FlagOff : Flag,
      action: () => void actions.flag([item], !item.flag),
    },
    mayUpdate &&
      item.assignee !== session.login && {
        label: 'Assign to me',
        icon: UserCheck,
        action: honestly(() => actions.assignToMe([item])),
      },
    mayUpdate && { label: 'Assign…', icon: UserPlus, action: () => place.openDrawer('assign', item._id) },
    mayUpdate && !isClosed && { label: 'Close', icon: X, action: () => place.openDrawer('close', item._id) },
    isClosed &&
      may(item, 'manageCase/reopen') && {
        label: 'Reopen',
        icon: Check,
        action: () => void actions.reopen([item]),
      },
    may(item, 'manageCase/delete') && {
      label: 'Delete',
      icon: Trash2,
      danger: true,
      separated: true,
      action: honestly(() => actions.remove([item])),
    },
  ];
  return items.filter((entry) => entry !== false);
}
