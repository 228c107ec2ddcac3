/** The organisations and profiles a person may give to a user, as the current organisation sees them. */
import { Query } from '../api/query';
import type { Organisation, Profile } from '../api/types';

export interface Directory {
  organisations: Organisation[];
  profiles: Profile[];
}

export async function loadDirectory(): Promise<Directory> {
  const [organisations, profiles] = await Promise.all([
    Query.list('listOrganisation').sort(['name', 'asc']).run(),
    Query.list('listProfile').sort(['name', 'asc']).run(),
  ]);
  return { organisations, profiles };
}
