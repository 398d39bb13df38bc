// A bucket that can be listed with one access key, and with no other: as much of S3 as a proof asks for.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export const LISTING = { bucket: "members", accessKeyId: "AKIAFORANSWERS00", secretAccessKey: "secret-for-answers" };

export interface Listing {
  readonly url: string;
  close(): Promise<void>;
}

export async function startListing(): Promise<Listing> {
  const server = createServer(({ headers, url = "" }, response) => {
    const isOurs = headers.authorization?.includes(`Credential=${LISTING.accessKeyId}/`) === true;
    const isListing = new RegExp(`^/${LISTING.bucket}/?\\?.*list-type=2`).test(url);
    const body =
      isOurs && isListing
        ? `<ListBucketResult><Name>${LISTING.bucket}</Name><KeyCount>0</KeyCount></ListBucketResult>`
        : "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>";
    response
      .writeHead(isOurs && isListing ? 200 : 403, { "content-type": "application/xml" })
      .end(`<?xml version="1.0" encoding="UTF-8"?>\n${body}`);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
