const MINIMUM = [20, 19];

/** One line when this Node is too old for the product, or null. Written for old ones: it must parse there. */
export const nodeFault = (version = process.versions.node) => {
  const [major, minor] = version.split('.').map(Number);
  if (major > MINIMUM[0] || (major === MINIMUM[0] && minor >= MINIMUM[1])) return null;
  return `Lockstep needs Node ${MINIMUM.join('.')} or newer; this is ${version}. Get it from https://nodejs.org`;
};
