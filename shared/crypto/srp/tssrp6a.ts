// The order is the point: ./window-lent.ts says why.
import './window-lent.ts';

export {
  SRPClientSession,
  SRPParameters,
  SRPRoutines,
  SRPServerSession,
  SRPServerSessionStep1,
} from 'tssrp6a';

import './window-returned.ts';
