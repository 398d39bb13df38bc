// What the stack would have, from a preview of its program; it writes nothing.
import { pulumi } from "../shared/pulumi";
import { type Found, looked, ok } from "./check";
import { needsOf, type Needs } from "./needs";

export async function preview(
  stack: string,
  cwd: string,
): Promise<{ readonly found: readonly Found[]; readonly needs: Needs | undefined }> {
  let needs: Needs | undefined;
  const found = await looked("preview", `pulumi preview --stack ${stack} shows all of it`, async () => {
    needs = needsOf(JSON.parse(await pulumi(["preview", "--stack", stack, "--json"], cwd)));
    const count = needs.resources.filter(({ isNew }) => isNew).length;
    return ok("preview", `${needs.resources.length} resources, ${count} of them to be created`);
  });
  return { found, needs };
}
