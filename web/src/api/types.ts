/**
 * The shapes of the API as the UI uses them, written by hand after the contract.
 * `npm run api` generates `schema.d.ts` from the server's own OpenAPI document; when
 * that exists these become aliases of the generated types.
 */

/** What every entity of the v1 API carries. */
export interface Entity {
  _id: string;
  _type: string;
  _createdBy: string;
  _createdAt: number;
  _updatedBy?: string;
  _updatedAt?: number;
  extraData: Record<string, unknown>;
}

export interface Membership {
  organisationId: string;
  organisation: string;
  profile: string;
  default?: boolean;
  avatar?: string;
  locked?: boolean;
}

export type UserType = 'Normal' | 'Service' | 'External';

export interface User extends Omit<Entity, '_type'> {
  login: string;
  name: string;
  email?: string;
  hasKey: boolean;
  hasPassword: boolean;
  hasMFA: boolean;
  locked: boolean;
  profile: string;
  permissions?: string[];
  organisation: string;
  avatar?: string;
  organisations?: Membership[];
  type: UserType;
  defaultOrganisation?: string;
}

/** `GET /api/skep/v1/session`. */
export interface SessionDocument {
  user: User;
  organisation: { _id: string; name: string };
  organisations: Membership[];
  permissions: string[];
  defaultPasswordInUse: boolean;
  expiresAt?: number;
  version: string;
}

/** One entry of `GET /api/skep/v1/user/{idOrLogin}/session`. */
export interface UserSession {
  id: string;
  createdAt: number;
  lastSeenAt: number;
  expiresAt: number;
  address: string;
  userAgent: string;
  current: boolean;
}

export type SharingRule = 'manual' | 'autoShare';

export interface Organisation extends Entity {
  name: string;
  description: string;
  taskRule: string;
  observableRule: string;
  links?: { linkId?: string; toOrganisation?: string; linkType?: string; otherLinkType?: string }[];
  avatar?: string;
  locked: boolean;
}

export interface Profile extends Omit<Entity, 'extraData'> {
  name: string;
  type: 'Admin' | 'Organisation' | 'External';
  permissions?: string[];
  editable: boolean;
  forAdmin: boolean;
  forOrg: boolean;
  forExternal: boolean;
}

export type Stage = 'New' | 'InProgress' | 'Closed';

export interface Case extends Entity {
  number: number;
  title: string;
  description: string;
  severity: number;
  severityLabel: string;
  startDate: number;
  endDate?: number;
  dueDate?: number;
  tags?: string[];
  flag: boolean;
  tlp: number;
  tlpLabel: string;
  pap: number;
  papLabel: string;
  status: string;
  stage: Stage;
  summary?: string;
  impactStatus?: string;
  assignee?: string;
  userPermissions?: string[];
  newDate: number;
  inProgressDate?: number;
  closedDate?: number;
  timeToDetect: number;
  timeToTriage?: number;
  timeToQualify?: number;
  timeToAcknowledge?: number;
  timeToResolve?: number;
  handlingDuration?: number;
}

export type TaskStatus = 'Waiting' | 'InProgress' | 'Completed' | 'Cancel';

export interface Task extends Entity {
  title: string;
  group: string;
  description?: string;
  status: TaskStatus;
  flag: boolean;
  startDate?: number;
  endDate?: number;
  dueDate?: number;
  assignee?: string;
  order: number;
  mandatory: boolean;
  timeToHandle?: number;
}

export interface Log extends Entity {
  message: string;
  date: number;
  owner: string;
  includeInTimeline?: number;
}

export interface Comment {
  _id: string;
  _type: 'Comment';
  createdBy: string;
  createdAt: number;
  updatedBy?: string;
  updatedAt?: number;
  message: string;
  isEdited: boolean;
  external: boolean;
  extraData: Record<string, unknown>;
}

export interface CaseStatus extends Entity {
  value: string;
  stage: Stage;
  order?: number;
  description?: string;
  colour?: string;
  hidden: boolean;
}

export interface Audit extends Omit<Entity, 'extraData'> {
  action: 'create' | 'update' | 'delete' | 'merge';
  requestId: string;
  rootId: string;
  details: Record<string, unknown>;
  changes?: { field: string; before: unknown; after: unknown }[];
  objectId?: string;
  objectType?: string;
  object?: Record<string, unknown>;
  /** The case or organisation that it belongs to, as it is now. */
  context?: Record<string, unknown>;
  mainAction: boolean;
}

/** One attribute of `GET /api/v1/describe/{model}`. */
export interface Attribute {
  name: string;
  type: 'boolean' | 'date' | 'enumeration' | 'float' | 'integer' | 'string' | 'url' | 'user';
  cardinality: 'single' | 'option' | 'list' | 'set';
  values?: (string | number)[];
  labels?: string[];
  aggregable?: boolean;
}

export interface EntityDescription {
  label: string;
  path: string;
  initialQuery: string;
  attributes: Attribute[];
}

/** `data` of an `audit` event of `GET /api/skep/v1/events`. */
export interface AuditEvent {
  _id: string;
  action: 'create' | 'update' | 'delete' | 'merge';
  objectType: string;
  objectId: string;
  rootId: string;
  createdBy: string;
  createdAt: number;
  mainAction: boolean;
}

export interface LookupHit {
  kind: 'case' | 'task' | 'user' | 'organisation';
  id: string;
  number?: number;
  title: string;
  caseId?: string;
}

/** One entry of `GET /api/v1/flow`: what was asked for, and what else came of it. */
export interface FlowEntry {
  base: Audit;
  /** How many records of the request there are, by kind of object and action. */
  summary: Record<string, Record<string, number>>;
}

export type InboxKind = 'assigned' | 'commented' | 'mentioned' | 'taskAssigned' | 'dueSoon';

/** One notice of `GET /api/skep/v1/inbox`. */
export interface InboxItem {
  id: string;
  kind: InboxKind;
  at: number;
  /** A login; nobody's for a reminder. */
  actor?: string;
  caseId: string;
  caseNumber: number;
  caseTitle: string;
  taskId?: string;
  taskTitle?: string;
  commentId?: string;
  excerpt?: string;
  readAt?: number;
}

export interface InboxPage {
  unreadCount: number;
  total: number;
  items: InboxItem[];
}

/** A deleted case of `GET /api/skep/v1/bin`. */
export interface BinItem {
  _id: string;
  _type: 'Case';
  number: number;
  title: string;
  deletedBy: string;
  deletedAt: number;
  /** When it goes for good. */
  purgeAt: number;
}
