import type { AnyFunction } from '../shared/platform/definition.ts';
import { accountCreate } from './account/account-create.ts';
import { accountResendVerification } from './account/account-resend-verification.ts';
import { accountVerify } from './account/account-verify.ts';
import { publicKeyGet } from './account/public-key-get.ts';
import { blobDelete } from './blob/blob-delete.ts';
import { blobDownload } from './blob/blob-download.ts';
import { blobStatus } from './blob/blob-status.ts';
import { blobUpload } from './blob/blob-upload.ts';
import { changesPull } from './changes/changes-pull.ts';
import { changesPush } from './changes/changes-push.ts';
import { emailDeliver } from './email/email-deliver.ts';
import { groupCreate } from './group/group-create.ts';
import { groupList } from './group/group-list.ts';
import { groupRotateKey } from './group/group-rotate-key.ts';
import { linkCreate } from './link/link-create.ts';
import { linkList } from './link/link-list.ts';
import { linkRevoke } from './link/link-revoke.ts';
import { loginFinish } from './login/login-finish.ts';
import { loginSalts } from './login/login-salts.ts';
import { loginStart } from './login/login-start.ts';
import { maintenanceBlobs } from './maintenance/maintenance-blobs.ts';
import { configuration } from './service/configuration.ts';
import { healthz } from './service/healthz.ts';
import { sessionLogout } from './session/session-logout.ts';
import { sessionWhoami } from './session/session-whoami.ts';

/**
 * Every function, once. Routes, functions-framework registrations, topics and subscriptions, the OpenAPI document, the
 * deployment manifest and the documentation all come from this table.
 */
export const registry: readonly AnyFunction[] = [
  accountCreate,
  accountVerify,
  accountResendVerification,
  emailDeliver,
  loginSalts,
  loginStart,
  loginFinish,
  sessionWhoami,
  sessionLogout,
  publicKeyGet,
  groupCreate,
  groupList,
  groupRotateKey,
  linkCreate,
  linkList,
  linkRevoke,
  changesPush,
  changesPull,
  configuration,
  healthz,

  blobUpload,
  blobStatus,
  blobDownload,
  blobDelete,
  maintenanceBlobs,
];
