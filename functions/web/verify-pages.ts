import type { Frame } from '../../shared/platform/pages.ts';
import { buttonPage, donePage } from './button-page.ts';

export const verifyPage = (token: string, frame: Frame): string =>
  buttonPage(
    {
      title: 'Verify your address',
      lead: 'One press, and your Nightvault account can log in.',
      button: 'Verify this address',
      action: 'account-verify',
      token,
      done: 'Your address is verified. You can close this page and log in.',
      expired: 'If you pressed the button before, just log in; otherwise ask your app for a new mail.',
      footer: 'If you did not sign up, close this page: nothing has happened yet.',
    },
    frame,
  );

export const verifiedPage = (frame: Frame): string =>
  donePage('Verified', 'Your address is verified', 'You can close this page and log in.', frame);
