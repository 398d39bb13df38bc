// Compares version numbers of the form 1.25.11; what follows the numbers (rc1, -dev) is left out of it.

/** @returns {number} negative when `a` is older, positive when it is newer, 0 when both are the same */
export function compareVersions(a, b) {
  const [left, right] = [numbers(a), numbers(b)];
  for (let i = 0; i < 3; i++) {
    if (left[i] !== right[i]) {
      return left[i] - right[i];
    }
  }
  return 0;
}

function numbers(version) {
  const parts = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?/.exec(version);
  if (!parts) {
    throw new Error(`"${version}" is not a version number like 1.25.11`);
  }
  return parts.slice(1).map((part) => Number(part ?? 0));
}
