/**
 * The shapes of the API by the names that the UI has for them: aliases of what
 * `npm run api` makes from the server's own document. Nothing is described twice.
 */
import type { Schemas } from './paths';

export type Case = Schemas['OutputCase'];
export type CaseInput = Schemas['InputCreateCase'];
export type CaseUpdate = Schemas['InputUpdateCase'];
export type CaseStatus = Schemas['OutputCaseStatus'];
export type Stage = Schemas['CaseStage'];
export type Severity = Schemas['Severity'];
export type Tlp = Schemas['Tlp'];
export type Pap = Schemas['Pap'];

export type Task = Schemas['OutputTask'];
export type TaskInput = Schemas['InputCreateTask'];
export type TaskUpdate = Schemas['InputUpdateTask'];
export type TaskStatus = Schemas['TaskStatus'];
export type Log = Schemas['OutputLog'];
export type Comment = Schemas['OutputComment'];

export type Organisation = Schemas['OutputOrganisation'];
export type OrganisationUpdate = Schemas['InputUpdateOrganisation'];
export type Profile = Schemas['OutputProfile'];
export type ProfileUpdate = Schemas['InputUpdateProfile'];
/** The name of a permission. */
export type Right = Schemas['Permission'];
export type Permission = Schemas['PermissionDesc'];

export type User = Schemas['OutputUser'];
export type UserType = Schemas['UserType'];
export type UserUpdate = Schemas['InputUpdateUser'];
/** An organisation that a user works in. */
export type Membership = Schemas['OutputOrganisationProfile'];
export type MembershipInput = Schemas['InputUserOrganisation'];
export type Lockout = Schemas['OutputLockout'];
export type Setting = Schemas['OutputConfig'];

/** `GET /api/skep/v1/session`. */
export type SessionDocument = Schemas['OutputSession'];
/** An organisation in which I work. */
export type SessionPlace = Schemas['OutputSessionPlace'];
/** One entry of `GET /api/skep/v1/user/{idOrLogin}/session`. */
export type UserSession = Schemas['OutputUserSession'];

export type Audit = Schemas['OutputAudit'];
/** One entry of `GET /api/v1/flow`: what was asked for, and what else came of it. */
export type FlowEntry = Schemas['OutputStreamAudit'];
/** `data` of an `audit` event of `GET /api/skep/v1/events`. */
export type AuditEvent = Schemas['OutputEvent'];
/** `data` of an `inbox` event there. */
export type UnreadEvent = Schemas['OutputUnread'];

/** `GET /api/v1/describe/{model}`. */
export type EntityDescription = Schemas['ModelDescription'];

export type LookupHit = Schemas['OutputJump'];
export type InboxKind = Schemas['ItemKind'];
/** One notice of `GET /api/skep/v1/inbox`. */
export type InboxItem = Schemas['OutputInboxItem'];
/** A deleted case of `GET /api/skep/v1/bin`. */
export type BinItem = Schemas['OutputInBin'];

/** `GET /api/skep/v1/platform/status`. */
export type PlatformStatus = Schemas['Report'];
export type Finding = Schemas['Finding'];
export type Verdict = Schemas['Verdict'];
