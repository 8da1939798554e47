// Package as4 makes and takes the messages of eDelivery AS4 1.15: compressed, signed, encrypted user
// messages, non-repudiation receipts and error signals. [AS4 1.15 §3.2] [TDD 4.7]
//
// Messages stream. A payload of any size takes the memory of a few buffers: on the way out it is compressed and
// digested into a Spool once, and encrypted each time the Entity is read; on the way in it is decrypted,
// digested and decompressed into a Spool, and released only after the last check of the whole message. What is
// refused leaves nothing behind.
//
// The package keeps no messages and sends nothing by itself but for Post. Duplicate detection, retries and storage
// belong to the access point that uses it; Received.Fingerprint and Entity.References are what it needs for
// them.
//
// Sending:   Pack, Post, ReadSignal, CheckReceipt.
// Receiving: Receiver.Receive, then Receipt, or the Entity of the Refusal.
//
// Nothing unsigned or in clear is ever accepted as a user message. Pull, split and join, and the elliptic
// curve profile of AS4 2.0 are not here.
package as4
