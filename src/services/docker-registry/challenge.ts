/** One way of logging in that a server offers in `WWW-Authenticate`. */
export interface Challenge {
  /** In lower case, as are the names of parameters. */
  readonly scheme: string;
  readonly params: ReadonlyMap<string, string>;
}

/**
 * Reads `WWW-Authenticate`: any number of challenges, with values in quotes or without (RFC 9110, section 11). It stops at
 * what it cannot read. Of a parameter that is given twice the first one counts. The time it takes grows with the length only.
 */
export function parseChallenges(header: string): Challenge[] {
  const challenges: { scheme: string; params: Map<string, string> }[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(header);
    if (found !== null) at = pattern.lastIndex;
    return found;
  };
  for (;;) {
    take(SEPARATORS);
    const [param, name, plain, quoted] = take(PARAM) ?? [];
    if (param !== undefined) {
      const params = challenges.at(-1)?.params;
      const key = (name as string).toLowerCase();
      if (params?.has(key) === false) params.set(key, plain ?? (quoted as string).replace(/\\(.)/gs, "$1"));
      continue;
    }
    const scheme = take(SCHEME)?.[0];
    if (scheme === undefined) return challenges;
    take(TOKEN68);
    challenges.push({ scheme: scheme.toLowerCase(), params: new Map() });
  }
}

const SEPARATORS = /[ \t,]*/y;

const PARAM = /([\w!#$%&'*+.^`|~-]+)[ \t]*=[ \t]*(?:([\w!#$%&'*+.^`|~-]+)|"([^"\\]*(?:\\.[^"\\]*)*)")/sy;

const SCHEME = /[\w!#$%&'*+.^`|~-]+(?=[ \t,]|$)/y;

/** What some schemes have instead of parameters. */
const TOKEN68 = /[ \t]+[\w.~+/-]+=*(?=[ \t]*(?:,|$))/y;
