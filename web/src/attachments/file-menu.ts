/** What can be done with a file. */
import Download from '@lucide/svelte/icons/download';
import Eye from '@lucide/svelte/icons/eye';
import FileArchive from '@lucide/svelte/icons/file-archive';
import Trash2 from '@lucide/svelte/icons/trash-2';
import type { Attachment } from '../api/types';
import type { MenuItem } from '../ui/menu';
import { toastProblem } from '../ui/toasts.svelte';
import { isShowable, save } from './files';

export interface FileActions {
  look?: () => void;
  remove?: () => void;
}

export function fileMenu(file: Attachment, { look, remove }: FileActions): MenuItem[] {
  const items: (MenuItem | false)[] = [
    look !== undefined && isShowable(file) && { label: 'Preview', icon: Eye, action: look },
    {
      label: 'Download as zip',
      detail: 'password: malware',
      icon: FileArchive,
      action: () => void save(file, true).catch(toastProblem),
    },
    { label: 'Download as it is', icon: Download, action: () => void save(file, false).catch(toastProblem) },
    remove !== undefined && {
      label: 'Delete',
      icon: Trash2,
      danger: true,
      separated: true,
      action: remove,
    },
  ];
  return items.filter((item) => item !== false);
}
