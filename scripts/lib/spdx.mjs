// Reads SPDX licence expressions such as "(MIT OR Apache-2.0) AND Unicode-3.0". Not for judging whether a licence is
// good: the caller says which are allowed.

/** Whether one may use it under allowed licences alone. Throws on text that isn't an expression. */
export function isAllowed(expression, allowed) {
  // Old crates write a slash for OR.
  const words = expression.replaceAll('/', ' OR ').match(/[()]|[^\s()]+/g) ?? [];
  let at = 0;

  const either = () => {
    let result = both();
    while (words[at] === 'OR') {
      at += 1;
      result = both() || result;
    }
    return result;
  };
  const both = () => {
    let result = single();
    while (words[at] === 'AND') {
      at += 1;
      result = single() && result;
    }
    return result;
  };
  const single = () => {
    const word = words[at];
    at += 1;
    if (word === '(') {
      const result = either();
      if (words[at] !== ')') throw new Error(`a parenthesis is open in "${expression}"`);
      at += 1;
      return result;
    }
    if (word === undefined || [')', 'OR', 'AND', 'WITH'].includes(word)) {
      throw new Error(`a licence is missing in "${expression}"`);
    }
    if (words[at] !== 'WITH') return allowed.has(word);
    at += 2;
    return allowed.has(`${word} WITH ${words[at - 1]}`) || allowed.has(word);
  };

  const result = either();
  if (at !== words.length) throw new Error(`"${words[at]}" is one too many in "${expression}"`);
  return result;
}
