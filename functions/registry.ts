import type { AnyFunction } from '../shared/platform/definition.ts';
import { accountCreate } from './account/account-create.ts';
import { accountResendVerification } from './account/account-resend-verification.ts';
import { accountVerify } from './account/account-verify.ts';
import { publicKeyGet } from './account/public-key-get.ts';
import { analyticsCollect } from './analytics/analytics-collect.ts';
import { analyticsIngest } from './analytics/analytics-ingest.ts';
import { analyticsPreference } from './analytics/analytics-preference.ts';
import { analyticsReport } from './analytics/analytics-report.ts';
import { blobDelete } from './blob/blob-delete.ts';
import { blobDownload } from './blob/blob-download.ts';
import { blobStatus } from './blob/blob-status.ts';
import { blobUpload } from './blob/blob-upload.ts';
import { changesPull } from './changes/changes-pull.ts';
import { changesPush } from './changes/changes-push.ts';
import { syncCheck } from './changes/sync-check.ts';
import { emailDeliver } from './email/email-deliver.ts';
import { emailReplay } from './email/email-replay.ts';
import { emailStatus } from './email/email-status.ts';
import { emailChangeConfirm } from './email-address/email-change-confirm.ts';
import { emailChangeStart } from './email-address/email-change-start.ts';
import { groupCreate } from './group/group-create.ts';
import { groupDelete } from './group/group-delete.ts';
import { groupLeave } from './group/group-leave.ts';
import { groupList } from './group/group-list.ts';
import { groupRestore } from './group/group-restore.ts';
import { groupRotateKey } from './group/group-rotate-key.ts';
import { groupUpdate } from './group/group-update.ts';
import { inviteAccept } from './invite/invite-accept.ts';
import { inviteConfirm } from './invite/invite-confirm.ts';
import { inviteCreate } from './invite/invite-create.ts';
import { inviteDecline } from './invite/invite-decline.ts';
import { inviteList } from './invite/invite-list.ts';
import { inviteRevoke } from './invite/invite-revoke.ts';
import { accountDelete } from './leaving/account-delete.ts';
import { accountDeleteCodeSend } from './leaving/account-delete-code-send.ts';
import { accountExport } from './leaving/account-export.ts';
import { linkCreate } from './link/link-create.ts';
import { linkKeys } from './link/link-keys.ts';
import { linkList } from './link/link-list.ts';
import { linkRevoke } from './link/link-revoke.ts';
import { linkUpdate } from './link/link-update.ts';
import { rekeyConfirm } from './link/rekey-confirm.ts';
import { rekeyList } from './link/rekey-list.ts';
import { loginFinish } from './login/login-finish.ts';
import { loginSalts } from './login/login-salts.ts';
import { loginStart } from './login/login-start.ts';
import { maintenanceAnalytics } from './maintenance/maintenance-analytics.ts';
import { maintenanceBlobs } from './maintenance/maintenance-blobs.ts';
import { maintenanceDepartures } from './maintenance/maintenance-departures.ts';
import { maintenanceGroups } from './maintenance/maintenance-groups.ts';
import { maintenanceHistory } from './maintenance/maintenance-history.ts';
import { maintenanceOutbox } from './maintenance/maintenance-outbox.ts';
import { breachNoticeRun } from './notice/breach-notice-run.ts';
import { breachNoticeStart } from './notice/breach-notice-start.ts';
import { breachNoticeStatus } from './notice/breach-notice-status.ts';
import { passphraseChange } from './passphrase/passphrase-change.ts';
import { passphraseCodeSend } from './passphrase/passphrase-code-send.ts';
import { passphraseResetFinish } from './passphrase/passphrase-reset-finish.ts';
import { passphraseResetPreview } from './passphrase/passphrase-reset-preview.ts';
import { passphraseResetStart } from './passphrase/passphrase-reset-start.ts';
import { resourceHistory } from './resource/resource-history.ts';
import { resourceRestore } from './resource/resource-restore.ts';
import { configuration } from './service/configuration.ts';
import { healthz } from './service/healthz.ts';
import { auditList } from './session/audit-list.ts';
import { sessionList } from './session/session-list.ts';
import { sessionLogout } from './session/session-logout.ts';
import { sessionMails } from './session/session-mails.ts';
import { sessionRevoke } from './session/session-revoke.ts';
import { sessionWhoami } from './session/session-whoami.ts';
import { teamCreate } from './team/team-create.ts';
import { teamDelete } from './team/team-delete.ts';
import { teamLeave } from './team/team-leave.ts';
import { teamList } from './team/team-list.ts';
import { teamMemberRemove } from './team/team-member-remove.ts';
import { teamMemberRole } from './team/team-member-role.ts';
import { teamMembers } from './team/team-members.ts';
import { teamUpdate } from './team/team-update.ts';
import { teamWaiting } from './team/team-waiting.ts';
import { pageFile } from './web/page-file.ts';
import { vault } from './web/vault.ts';

/**
 * Every function, once. Routes, functions-framework registrations, topics and subscriptions, the OpenAPI document, the
 * deployment manifest and the documentation all come from this table.
 */
export const registry: readonly AnyFunction[] = [
  accountCreate,
  accountVerify,
  accountResendVerification,
  emailDeliver,
  emailStatus,
  emailReplay,
  loginSalts,
  loginStart,
  loginFinish,
  sessionWhoami,
  sessionList,
  sessionRevoke,
  sessionMails,
  sessionLogout,
  auditList,
  passphraseCodeSend,
  passphraseChange,
  passphraseResetStart,
  passphraseResetPreview,
  passphraseResetFinish,
  emailChangeStart,
  emailChangeConfirm,
  accountExport,
  accountDeleteCodeSend,
  accountDelete,
  publicKeyGet,
  teamCreate,
  teamList,
  teamUpdate,
  teamDelete,
  teamMembers,
  teamWaiting,
  teamMemberRole,
  teamMemberRemove,
  teamLeave,
  inviteCreate,
  inviteList,
  inviteAccept,
  inviteDecline,
  inviteRevoke,
  inviteConfirm,
  groupCreate,
  groupList,
  groupUpdate,
  groupDelete,
  groupRestore,
  groupLeave,
  groupRotateKey,
  linkCreate,
  linkList,
  linkKeys,
  linkUpdate,
  linkRevoke,
  rekeyList,
  rekeyConfirm,
  changesPush,
  changesPull,
  syncCheck,
  resourceHistory,
  resourceRestore,
  blobUpload,
  blobStatus,
  blobDownload,
  blobDelete,
  maintenanceBlobs,
  maintenanceHistory,
  maintenanceGroups,
  maintenanceOutbox,
  maintenanceDepartures,
  breachNoticeStart,
  breachNoticeRun,
  breachNoticeStatus,
  vault,
  pageFile,
  analyticsCollect,
  analyticsIngest,
  analyticsPreference,
  analyticsReport,
  maintenanceAnalytics,
  configuration,
  healthz,
];
