"""The OpenAPI description of the HTTP door; its schemas are made from the messages of the contract."""

from __future__ import annotations

from typing import Any, Final

from google.protobuf.descriptor import Descriptor, FieldDescriptor

from dehusk.v1 import cleaning_pb2, errors_pb2
from dehusk_server.serving.http.wire import STATUSES

_SCALARS: Final[dict[int, dict[str, Any]]] = {
    FieldDescriptor.TYPE_STRING: {"type": "string"},
    FieldDescriptor.TYPE_BYTES: {"type": "string", "contentEncoding": "base64"},
    FieldDescriptor.TYPE_BOOL: {"type": "boolean"},
    FieldDescriptor.TYPE_UINT32: {"type": "integer", "minimum": 0},
    FieldDescriptor.TYPE_DOUBLE: {"type": "number"},
}


def description(version: str) -> dict[str, Any]:
    """Return the description, as OpenAPI 3.1 has it.

    Args:
        version: of the service.
    """
    schemas: dict[str, Any] = {}
    request = _reference(cleaning_pb2.CleanRequest.DESCRIPTOR, schemas)
    response = _reference(cleaning_pb2.CleanResponse.DESCRIPTOR, schemas)
    error = {
        "type": "object",
        "required": ["error"],
        "properties": {"error": _reference(errors_pb2.Error.DESCRIPTOR, schemas)},
    }
    schemas["Failure"] = error
    failures = {
        str(int(status)): _answer(errors_pb2.ErrorCode.Name(code), {"$ref": "#/components/schemas/Failure"})
        for code, status in STATUSES.items()
    }
    clean = {
        "operationId": "clean",
        "summary": "Clean one document",
        "description": "CleaningService.Clean of the contract, by protobuf's mapping to JSON.",
        "requestBody": {"required": True, "content": {"application/json": {"schema": request}}},
        "responses": {"200": _answer("The document, cleaned", response)} | failures,
    }
    text = {"200": {"description": "As text", "content": {"text/plain": {"schema": {"type": "string"}}}}}
    health = {
        "operationId": "health",
        "summary": "Whether the service serves",
        "responses": text | {"503": {"description": "It shuts down"}},
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Dehusk", "version": version, "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}},
        "paths": {
            "/v1/clean": {"post": clean},
            "/healthz": {"get": health},
            "/metrics": {
                "get": {"operationId": "metrics", "summary": "Numbers, as Prometheus reads them", "responses": text}
            },
        },
        "components": {
            "schemas": schemas,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{}, {"token": []}],
    }


def _answer(words: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": words, "content": {"application/json": {"schema": schema}}}


def _reference(message: Descriptor, schemas: dict[str, Any]) -> dict[str, Any]:
    """Return a reference to a message's schema, which is put among the others with all that it holds."""
    if message.name not in schemas:
        schemas[message.name] = {}  # a place, should the message hold itself
        schemas[message.name] = {
            "type": "object",
            "properties": {field.name: _field(field, schemas) for field in message.fields},
            "additionalProperties": False,
        }
    return {"$ref": f"#/components/schemas/{message.name}"}


def _field(field: FieldDescriptor, schemas: dict[str, Any]) -> dict[str, Any]:
    if field.message_type is not None:
        one = _reference(field.message_type, schemas)
    elif field.enum_type is not None:
        one = {"type": "string", "enum": [value.name for value in field.enum_type.values]}
    else:
        one = _SCALARS[field.type]
    # Of protobuf's two words for "many", the older is not in every version's types.
    return {"type": "array", "items": one} if _repeated(field) else one


def _repeated(field: FieldDescriptor) -> bool:
    known = getattr(field, "is_repeated", None)
    return bool(field.label == FieldDescriptor.LABEL_REPEATED if known is None else known)
