import { page } from './html.ts';

/** The code stands in the address behind `#`, which browsers send to nobody; a script on the page shows it. */
export function invitePage(): string {
  return page(
    'You are invited',
    `<h1>You are invited to a team</h1>
<p>Nothing has happened yet. What you do next, you do in your app, with this server's address in it:</p>
<ol>
<li>Sign up under the address that the invite came to, and verify it; or log in, if you have an account.</li>
<li>The invite waits there. Accept it.</li>
<li>Whoever invited you is told by mail, compares your key's fingerprint with you and confirms. Then you can read.</li>
</ol>
<p id="code" hidden>If your account has another address, enter this code in the app:<br><code></code></p>
<footer>If you do not know who invited you, close this page.</footer>
<script>
const code = decodeURIComponent(location.hash.slice(1));
if (/^[A-Za-z0-9_-]{43}$/.test(code)) {
  document.querySelector('#code code').textContent = code;
  document.getElementById('code').hidden = false;
}
</script>`,
  );
}
