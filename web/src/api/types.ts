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

export type Share = Schemas['OutputShare'];
export type ShareInput = Schemas['InputShare'];
/** Links of a case, as the extra datum `links` gives them. */
export type CaseLinks = Schemas['OutputCaseLinks'];
export type CaseLink = Schemas['OutputCaseLink'];
export type OutsideLink = Schemas['OutputExternalLink'];
export type MergePreview = Schemas['OutputMergePreview'];
/** A case that is part of a merged one. */
export type MergeOrigin = Schemas['OutputOrigin'];
export type Alert = Schemas['OutputAlert'];
export type AlertInput = Schemas['InputCreateAlert'];
export type AlertUpdate = Schemas['InputUpdateAlert'];
export type AlertStatus = Schemas['OutputAlertStatus'];
/** A deleted alert of `GET /api/skep/v1/bin/alert`. */
export type AlertBinItem = Schemas['OutputAlertInBin'];
export type AlertStage = Schemas['AlertStage'];

export type Task = Schemas['OutputTask'];
export type TaskInput = Schemas['InputCreateTask'];
export type TaskUpdate = Schemas['InputUpdateTask'];
export type TaskStatus = Schemas['TaskStatus'];
export type Log = Schemas['OutputLog'];
export type Observable = Schemas['OutputObservable'];
export type ObservableInput = Schemas['InputCreateObservable'];
export type ObservableUpdate = Schemas['InputUpdateObservable'];
export type ObservableFailure = Schemas['OutputFailure'];
export type ObservableType = Schemas['OutputObservableType'];
/** Something found in free text that may become an observable. */
export type Indicator = Schemas['OutputIndicator'];
export type Attachment = Schemas['OutputAttachment'];
export type Comment = Schemas['OutputComment'];

/** A server of others: of Cortex or of MISP. */
export type Server = Schemas['OutputIntegrationServer'];
export type ServerInput = Schemas['InputIntegrationServer'];
export type ServerUpdate = Schemas['InputUpdateIntegrationServer'];
/** How a server would be that need not be kept. */
export type ServerTest = Schemas['InputServerTest'];
export type ServerHealth = Schemas['OutputHealth'];
/** How clients show the reports of an analyzer. */
export type AnalyzerTemplate = Schemas['OutputAnalyzerTemplate'];
/** An analyzer or a responder of a Cortex. */
export type Worker = Schemas['OutputWorker'];
export type Job = Schemas['OutputJob'];
/** Something that an analyzer found beside. */
export type JobArtifact = Schemas['OutputJobArtifact'];
/** What a responder did. */
export type Action = Schemas['OutputAction'];

/** A technique that was used; screens call it a TTP. */
export type Procedure = Schemas['OutputProcedure'];
export type ProcedureInput = Schemas['InputProcedure'];
export type Pattern = Schemas['OutputPattern'];
export type Catalog = Schemas['OutputCatalog'];
/** Extra data of catalogs and patterns. */
export interface Tactic {
  /** As in `initial-access`. */
  name: string;
  label: string;
}
export type TimelineEvent = Schemas['OutputTimelineEvent'];
export type CustomEvent = Schemas['OutputCustomEvent'];
export type Page = Schemas['OutputPage'];
export type PageInput = Schemas['InputCreatePage'];
export type PageTemplate = Schemas['OutputPageTemplate'];

export type Organisation = Schemas['OutputOrganisation'];
/** A link of an organisation, with the other end. */
export type OrganisationLink = Schemas['OutputOrganisationLink'];
/** What a link shares by itself. */
export type SharingProfile = Schemas['OutputSharingProfile'];
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

export type CustomField = Schemas['OutputCustomField'];
export type CustomFieldInput = Schemas['InputCustomField'];
export type CustomFieldUpdate = Schemas['InputUpdateCustomField'];
export type CustomFieldType = Schemas['CustomFieldType'];
export type CustomFieldValue = Schemas['OutputCustomFieldValue'];
export type CaseStatusInput = Schemas['InputCreateCaseStatus'];
export type CaseStatusUpdate = Schemas['InputUpdateCaseStatus'];
export type CaseTemplate = Schemas['OutputCaseTemplate'];
export type CaseTemplateInput = Schemas['InputCreateCaseTemplate'];
export type CaseTemplateUpdate = Schemas['InputUpdateCaseTemplate'];
export type Tag = Schemas['OutputTag'];
export type TagUpdate = Schemas['InputUpdateTag'];
export type Taxonomy = Schemas['OutputTaxonomy'];
export type TaxonomyInput = Schemas['InputTaxonomy'];
export type Dashboard = Schemas['OutputDashboard'];
/** A saved look of a list. */
export type ListView = Schemas['OutputListView'];
export type ListViewEntity = Schemas['ListViewEntity'];
/** `GET /api/skep/v1/search`. */
export type SearchAnswer = Schemas['OutputSearch'];
export type KindFound = Schemas['OutputKindFound'];
export type TaxonomyImport = Schemas['OutputTaxonomyImport'];
export type PatternImport = Schemas['OutputPatternImport'];
export type CaseImport = Schemas['OutputImportCase'];

export type MispServerStatus = Schemas['OutputMispServerStatus'];
export type MispSync = Schemas['OutputMispSync'];
