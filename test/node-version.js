const wanted = 24;
const major = Number(process.versions.node.split('.')[0]);

if (major !== wanted) {
  process.stderr.write(
    `This runs on Node ${process.versions.node}, but Nightvault is tested and deployed on Node ${wanted}: run npm ci, then use npm run, which takes Node ${wanted} from node_modules.\n`,
  );
  process.exit(1);
}
