import { Status } from "nice-grpc";
import {
  ServerReflectionDefinition,
  type ServerReflectionRequest,
  type ServerReflectionResponse,
  type ServerReflectionServiceImplementation,
} from "../../gen/grpc/reflection/v1/reflection.ts";
import { createDescriptorIndex, type DescriptorIndex } from "./descriptor-index.ts";

/** The same messages under the name older clients ask for. */
export const ServerReflectionAlphaDefinition = {
  ...ServerReflectionDefinition,
  fullName: "grpc.reflection.v1alpha.ServerReflection",
} as const;

type Answer = NonNullable<ServerReflectionResponse["messageResponse"]>;

/**
 * Server reflection from the compiled descriptors.
 *
 * Our own because @grpc/reflection 1.0.4 merges files per package, after which `buf curl` finds no service.
 */
export function createReflection(descriptorSet: Uint8Array): ServerReflectionServiceImplementation {
  let index: DescriptorIndex | undefined;
  return {
    async *serverReflectionInfo(requests) {
      index ??= createDescriptorIndex(descriptorSet);
      for await (const request of requests) {
        yield {
          validHost: request.host,
          originalRequest: request,
          messageResponse: answer(index, request.messageRequest),
        };
      }
    },
  };
}

function answer(index: DescriptorIndex, request: ServerReflectionRequest["messageRequest"]): Answer {
  switch (request?.$case) {
    case "listServices":
      return {
        $case: "listServicesResponse",
        value: { service: index.services.map((name) => ({ name })) },
      };
    case "fileByFilename":
      return filesOr(index.byFilename(request.value), request.value);
    case "fileContainingSymbol":
      return filesOr(index.bySymbol(request.value), request.value);
    case "fileContainingExtension":
    case "allExtensionNumbersOfType":
      return failure(Status.NOT_FOUND, "there are no extensions");
    case undefined:
      return failure(Status.INVALID_ARGUMENT, "the request asks for nothing");
  }
}

function filesOr(files: Uint8Array[] | undefined, wanted: string): Answer {
  if (!files) return failure(Status.NOT_FOUND, `nothing is known of "${wanted}"`);
  return {
    $case: "fileDescriptorResponse",
    value: { fileDescriptorProto: files.map((bytes) => Buffer.from(bytes)) },
  };
}

function failure(errorCode: number, errorMessage: string): Answer {
  return { $case: "errorResponse", value: { errorCode, errorMessage } };
}
