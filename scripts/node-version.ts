if (Number(process.versions.node.split('.')[0]) < 24) {
  throw new Error(
    `This needs Node 24 and runs on ${process.versions.node}. Use the npm scripts, which bring it along.`,
  );
}
