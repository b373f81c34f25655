// Runs the built program for `npm run cli`, in the folder the caller stands in (npm changes to the package's own).
if (process.env.INIT_CWD) process.chdir(process.env.INIT_CWD);
await import('../dist/cli.js');
