// Prints npm's name of the processor that an image is for (TARGETARCH, in Docker's words), unless it is this machine's.

/** @type {Readonly<Record<string, string>>} */
const NPM_NAMES = { amd64: 'x64', 386: 'ia32' };

const target = process.env.TARGETARCH || process.arch;
const cpu = NPM_NAMES[target] ?? target;
if (cpu !== process.arch) console.log(cpu);
