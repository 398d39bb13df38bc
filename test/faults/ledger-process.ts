// A governance in a process of its own, for tests that kill it: prints its address and a collaborator's token when it is
// ready. The third argument is a fault that is set before anything is written.
import { Faults, type FaultRule } from "../../sandbox/faults";
import { Home } from "../../sandbox/home";
import { startServices } from "../../sandbox/services";
import { collaborator, serviceAudience } from "../../sandbox/world";

async function main(dir: string, rule: string): Promise<void> {
  const faults = new Faults({ onDie: () => process.kill(process.pid, "SIGKILL") });
  faults.add(JSON.parse(rule) as FaultRule);
  const { governance, signIn } = await startServices({ home: await Home.open(dir), faults });
  const { tenantId, userOid: oid, upn } = collaborator("litware");
  const token = await signIn.issue({ tenantId, oid, upn, audience: serviceAudience });
  process.stdout.write(`${JSON.stringify({ url: governance.url, token })}\n`);
}

const [dir = "", rule = ""] = process.argv.slice(2);
void main(dir, rule);
