"""Generated messages and stubs of the contract, ``proto/dehusk/v1``. Only this file is written by hand."""
