import type { Frame } from '../../shared/platform/pages.ts';
import { buttonPage, donePage } from './button-page.ts';

export const emailChangePage = (token: string, frame: Frame): string =>
  buttonPage(
    {
      title: 'Confirm your new address',
      lead: 'One press, and your Nightvault account has this address in place of the old one. All devices are logged out: log in again with this address.',
      button: 'Use this address',
      action: 'email-change-confirm',
      token,
      done: 'Your account has this address now. You can close this page and log in with it.',
      expired: 'If you pressed the button before, log in with this address; otherwise ask your app for a new mail.',
      footer: 'If you have no Nightvault account, close this page: nothing has happened yet.',
    },
    frame,
  );

export const emailChangedPage = (frame: Frame): string =>
  donePage('Changed', 'Your address is changed', 'You can close this page and log in with your new address.', frame);
