from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from typing import ClassVar as _ClassVar

DESCRIPTOR: _descriptor.FileDescriptor

class Kind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    KIND_UNSPECIFIED: _ClassVar[Kind]
    KIND_BODY: _ClassVar[Kind]
    KIND_HEADLINE: _ClassVar[Kind]
    KIND_BYLINE: _ClassVar[Kind]
    KIND_CAPTION: _ClassVar[Kind]
    KIND_TAGS: _ClassVar[Kind]
    KIND_NAVIGATION: _ClassVar[Kind]
    KIND_RELATED: _ClassVar[Kind]
    KIND_MOST_READ: _ClassVar[Kind]
    KIND_DONATION: _ClassVar[Kind]
    KIND_SUBSCRIBE: _ClassVar[Kind]
    KIND_COMMENTS: _ClassVar[Kind]
    KIND_SHARE: _ClassVar[Kind]
    KIND_ADVERT: _ClassVar[Kind]
    KIND_CONSENT: _ClassVar[Kind]
    KIND_LEGAL: _ClassVar[Kind]
    KIND_AUTHOR_BIO: _ClassVar[Kind]
    KIND_INTERFACE: _ClassVar[Kind]
    KIND_OTHER: _ClassVar[Kind]
KIND_UNSPECIFIED: Kind
KIND_BODY: Kind
KIND_HEADLINE: Kind
KIND_BYLINE: Kind
KIND_CAPTION: Kind
KIND_TAGS: Kind
KIND_NAVIGATION: Kind
KIND_RELATED: Kind
KIND_MOST_READ: Kind
KIND_DONATION: Kind
KIND_SUBSCRIBE: Kind
KIND_COMMENTS: Kind
KIND_SHARE: Kind
KIND_ADVERT: Kind
KIND_CONSENT: Kind
KIND_LEGAL: Kind
KIND_AUTHOR_BIO: Kind
KIND_INTERFACE: Kind
KIND_OTHER: Kind
