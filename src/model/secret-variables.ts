/**
 * Whether a variable of the environment may hold a secret: those that stores are read from and signed in with, and names
 * that usually stand for one. Processes that are started do not inherit them.
 */
export function isSecretVariable(name: string): boolean {
  return patterns.some((each) => each.test(name));
}

const patterns: readonly RegExp[] = [
  /^PLUGBOARD_(SECRET|AGE)_/i,
  /SECRET|TOKEN|PASSW|PASSPHRASE|CREDENTIAL/i,
  /KEYS?(_|$)|_(PWD|PAT|DSN)$/i,
  // `SSH_AUTH_SOCK` and `DOCKER_AUTH_CONFIG`, but not `GIT_AUTHOR_NAME`.
  /AUTH(?!OR_)/i,
  // Addresses that often have a password in them.
  /(DATABASE|DB|REDIS|MONGO(DB)?)_UR[IL]$|CONNECTION_STRING/i,
  /(?<!^NO)_PROXY$/i,
];
