// Sign-in: the sandbox's Microsoft Entra and the managed-identity endpoint beside it.
import type { SignIn, Tls } from "../context";
import { type Gate, type RunningService, startService } from "../http";
import type { Home } from "../home";
import { discoveryRoutes } from "./discovery";
import { type Exchange, federationRoutes } from "./federation";
import { managedIdentityRoutes } from "./managed-identity";
import { openSigningKey } from "./signing-key";
import { Tokens } from "./tokens";

export { newSigningKey, openSigningKey, type SigningKey } from "./signing-key";

export interface RunningSignIn extends SignIn {
  /** `IDENTITY_ENDPOINT` */
  readonly identityEndpoint: string;
  close(abruptly?: boolean): Promise<void>;
}

export interface SignInOptions {
  readonly home: Home;
  readonly tls: Tls;
  readonly gate?: Gate;
  readonly clock: () => Date;
  readonly log: (message: string) => void;
}

export async function startSignIn({ home, tls, gate, clock, log }: SignInOptions): Promise<RunningSignIn> {
  const [port, identityPort] = [await home.get("sign-in"), await home.get("managed-identity")];
  const tokens = new Tokens(`https://localhost:${port}`, await openSigningKey(home.path("sign-in.key")), clock);
  let exchange: Exchange | undefined;
  const services: RunningService[] = await Promise.all([
    startService({
      service: "sign-in",
      port,
      tls,
      gate,
      log,
      routes: [...discoveryRoutes(tokens), ...federationRoutes(tokens, () => exchange)],
    }),
    startService({
      service: "managed-identity",
      port: identityPort,
      gate,
      log,
      routes: managedIdentityRoutes(tokens, home.identityHeaders),
    }),
  ]);
  return {
    authority: tokens.authority,
    identityEndpoint: `http://127.0.0.1:${identityPort}/msi/token`,
    issue: (request) => tokens.issue(request),
    verify: (token, expected) => tokens.verify(token, expected),
    onFederatedExchange: (given) => {
      exchange = given;
    },
    close: async (abruptly) => {
      await Promise.all(services.map((each) => each.close(abruptly)));
    },
  };
}
