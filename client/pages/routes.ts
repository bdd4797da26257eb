import type { Leaf } from './leaf.ts';
import { state } from './state.ts';
import { forgotView } from './views/forgot.ts';
import { groupView } from './views/group.ts';
import { groupsView } from './views/groups.ts';
import { inviteView } from './views/invite.ts';
import { logInView } from './views/log-in.ts';
import { membersView } from './views/members.ts';
import { peopleView } from './views/people.ts';
import { resetView } from './views/reset.ts';
import { resourceView } from './views/resource.ts';
import { signUpView } from './views/sign-up.ts';
import { youView } from './views/you.ts';

export type View = () => Leaf | Promise<Leaf>;

type Route = readonly [pattern: RegExp, view: (...parts: string[]) => Leaf | Promise<Leaf>];

/** For whoever is not logged in. */
const outside: readonly Route[] = [
  [/^#\/sign-up$/, signUpView],
  [/^#\/forgot$/, forgotView],
];

const inside: readonly Route[] = [
  [/^#\/group\/([^/]+)$/, groupView],
  [/^#\/group\/([^/]+)\/members$/, membersView],
  [/^#\/group\/([^/]+)\/resource\/([^/]+)$/, resourceView],
  [/^#\/people$/, peopleView],
  [/^#\/you$/, youView],
  [/^#\/groups$/, groupsView],
];

/** What the address asks for; what nobody knows is the beginning. */
export function findView(hash: string): View {
  const routes = state.person === undefined ? outside : inside;
  for (const [pattern, view] of routes) {
    const match = pattern.exec(hash);
    if (match !== null) return () => view(...match.slice(1).map(decodeURIComponent));
  }
  return beginning();
}

function beginning(): View {
  const { person, purpose } = state;
  if (purpose.kind === 'reset') return () => resetView(purpose.code);
  if (person === undefined) return logInView;
  return purpose.kind === 'invite' ? () => inviteView(purpose.code) : groupsView;
}
